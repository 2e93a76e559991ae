import os from 'node:os'
import type { Gauges } from './widening'

export const gauges: Gauges = {
  now: () => performance.now(),
  processors() {
    const times = os.cpus().map((processor) => processor.times)
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
    return { idle: sum(times.map(({ idle }) => idle)), total: sum(times.flatMap((each) => Object.values(each))) }
  },
}
