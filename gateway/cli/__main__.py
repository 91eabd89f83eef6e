"""`python -m onewindow.gateway.cli` is `onewindow`."""

import sys

from . import main

sys.exit(main())
