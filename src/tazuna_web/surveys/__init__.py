"""Waves and answers (調査回・回答): opening, answering on a phone, closing."""
