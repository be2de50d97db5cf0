"""What a node keeps of manifests: read back at its start, and its own kept, so that a folder proves itself."""

from quartet.node.registry import Registry
from quartet.store import Store


def recall_manifests(registry: Registry, store: Store, manifest: bytes, officers: bytes) -> None:
    """Let the registry know this member's own manifests, and those of the others that the store holds."""
    registry.learn_manifest(manifest, registry.me)
    registry.learn_officers(officers, registry.me)
    for member, data in store.reader.manifests("wire"):
        if member != registry.me:
            registry.learn_manifest(data, member)
    for member, data in store.reader.manifests("officers"):
        if member != registry.me:
            registry.learn_officers(data, member)


async def remember_own(registry: Registry, store: Store) -> None:
    """Keep our own manifests, so that a folder proves itself offline."""
    me = registry.me
    manifest = registry.manifest(me)
    raw = registry.wire_manifests()[me]
    officers = registry.officer_manifest(me)
    await store.write(lambda tx: tx.put_manifest("wire", me, manifest.version, raw))
    if officers is not None:
        version, data = officers
        await store.write(lambda tx: tx.put_manifest("officers", me, version, data))
