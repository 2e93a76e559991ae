// setpriv ties its life to its parent's
export const PROGRAMS = ['pgbouncer', 'setpriv']
