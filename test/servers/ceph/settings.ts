/** A Ceph of one monitor and one store in memory, without passwords between the two, that listens on this machine alone. */
export function cephSettings(given: { folder: string; fsid: string; monitorPort: number; gatewayPort: number }): string {
  const { folder, fsid, monitorPort, gatewayPort } = given
  const settings = {
    fsid,
    mon_host: `[v1:127.0.0.1:${monitorPort}]`,
    public_addr: '127.0.0.1',
    cluster_addr: '127.0.0.1',
    ms_bind_ipv6: false,
    ms_bind_msgr2: false,
    auth_cluster_required: 'none',
    auth_service_required: 'none',
    auth_client_required: 'none',
    // one copy, in one place
    osd_pool_default_size: 1,
    osd_pool_default_min_size: 1,
    // several writes of one bucket at a time
    osd_pool_default_pg_num: 4,
    osd_pool_default_pg_autoscale_mode: 'off',
    mon_allow_pool_size_one: true,
    osd_crush_chooseleaf_type: 0,
    osd_crush_update_on_start: false,
    // it would be sent before the store knows its monitor's id, which refuses it now and then, and the store ends
    osd_class_update_on_start: false,
    osd_objectstore: 'memstore',
    memstore_device_bytes: 8 * 1024 ** 3,
    // the disk of this machine may be nearly full: nothing is written to it
    mon_data_avail_crit: 0,
    mon_data_avail_warn: 0,
    // the monitor else rests a second after each change: a start would take 13 seconds
    paxos_propose_interval: 0.02,
    paxos_min_wait: 0.01,
    run_dir: `${folder}/run`,
    admin_socket: `${folder}/run/$name.$pid.asok`,
    log_file: `${folder}/log/$name.log`,
    crash_dir: `${folder}/crash`,
    mon_data: `${folder}/mon`,
    osd_data: `${folder}/osd`,
    // nobody looks at what it keeps of each request: a third of the time that a write takes
    osd_enable_op_tracker: false,
    throttler_perf_counter: false,
    ...Object.fromEntries(['mon', 'osd', 'ms', 'rgw', 'objecter', 'objclass', 'tp', 'optracker', 'memstore'].map((part) => [`debug_${part}`, '0/0'])),
  }
  const gateway = { rgw_frontends: `beast endpoint=127.0.0.1:${gatewayPort}`, rgw_data: `${folder}/rgw`, rgw_dynamic_resharding: false, rgw_enable_gc_threads: false, rgw_enable_lc_threads: false }
  return [section('global', settings), section('client.rgw.a', gateway)].join('\n')
}

function section(name: string, settings: Record<string, string | number | boolean>): string {
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ''].join('\n')
}
