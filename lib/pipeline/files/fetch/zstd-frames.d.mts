export function zstdUnpacker(): Promise<(inputs: Iterable<Uint8Array>) => Generator<Uint8Array>>
