"""What the mutants' tests run under: no shrinking (one failure is enough), and surely the copy of the source."""

import os
from pathlib import Path

from hypothesis import Phase, settings

import quartet

settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None)
settings.load_profile("mutants")

source = Path(os.environ["QUARTET_SOURCE"])
if not Path(quartet.__file__).is_relative_to(source):
    raise RuntimeError(f"testing {quartet.__file__}, not the copy in {source}")
