"""One track a mover, from what several sources say of it: for one viewer, of what she may hold and nothing else."""

from quartet.picture.fusion.fusing import Fused, Fusion, Part, apart, fuse, is_kept, warm
from quartet.picture.fusion.local import DRILL, Batch, address_of, batch_of, independent

__all__ = [
    "DRILL",
    "Batch",
    "Fused",
    "Fusion",
    "Part",
    "address_of",
    "apart",
    "batch_of",
    "fuse",
    "independent",
    "is_kept",
    "warm",
]
