"""Print the OpenAPI description of the browsers' API, from which the page's types are made.

python -m quartet.console.describe
"""

import json
import sys

from quartet.console.web import describe

if __name__ == "__main__":
    json.dump(describe(), sys.stdout, indent=1)
