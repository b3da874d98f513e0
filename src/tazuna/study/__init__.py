"""The study (調査フォルダ): validated, typed tables with their settings, frozen and hashed."""

from tazuna.study.frozen import Study, Wave

__all__ = ["Study", "Wave"]
