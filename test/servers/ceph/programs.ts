import { missingOf } from '../programs'

// setpriv ties the life of a daemon to its parent's
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin', 'setpriv']

/** The programs of Ceph that this machine lacks; with none missing, a gateway can be started. */
export function missingPrograms(): string[] {
  return missingOf(PROGRAMS)
}
