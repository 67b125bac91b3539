"""What `manage.py doctor` looks at besides the checks of the health page: the installation itself.

Each check yields findings in words with how to mend them; `config.wiring.INSTALLATION` lists them. Those in `ground`
and `serving` need no database: an installation that does not start is examined as well.
"""
