"""The pilot (予備調査) of an instrument: is the wording of its questions any good?"""
