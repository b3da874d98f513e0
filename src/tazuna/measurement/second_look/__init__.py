"""A second look (再確認): do groups, moves, dips and answers bear what is read into them?"""
