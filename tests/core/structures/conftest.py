"""The worlds and doors of the golden files are beside those files."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "golden"))
