"""Open the ports that the settings name."""

from collections.abc import Callable
from pathlib import Path

from quartet.gateways.assist.asking import Asked
from quartet.gateways.assist.embedding import OpenAiEmbedder
from quartet.gateways.assist.extracting import OpenAiExtractor
from quartet.gateways.assist.translating import LibreTranslator
from quartet.node.assist.assisting import Ports
from quartet.node.assist.settings import Assist


def open_ports(settings: Assist, place: Callable[[str], Path]) -> Ports:
    """Return the ports that are named; `place` says where a path of the settings is. Nothing is called yet."""
    extractor, translator, embedder = settings.extractor, settings.translator, settings.embedder
    return Ports(
        extractor=None if extractor is None else (extractor, OpenAiExtractor(Asked(extractor, place), extractor.model)),
        translator=None if translator is None else (translator, LibreTranslator(Asked(translator, place), translator)),
        embedder=None if embedder is None else (embedder, OpenAiEmbedder(Asked(embedder, place), embedder.model)),
    )
