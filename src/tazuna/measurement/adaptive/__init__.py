"""The adaptive form (適応型の調査票): fewer questions a person, on one scale, or else a fixed short form."""
