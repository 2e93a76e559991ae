import { buildPages } from './scripts/serve/build'
await buildPages('/tmp/tb/proof-x/builddata', (w: string) => console.log(w))
