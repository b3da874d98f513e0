"""Exports of survey tools (調査ツールの書き出し): one format a module, each read as its tool writes it."""
