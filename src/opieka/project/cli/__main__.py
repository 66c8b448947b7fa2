"""`python -m opieka.project.cli`."""

import sys

from opieka.project.cli import main

sys.exit(main())
