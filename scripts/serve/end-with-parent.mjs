// Loaded before the web server and the worker: when the process that started them is killed, they end too,
// as they would at Ctrl-C, instead of staying behind.
if (process.channel) {
  process.channel.unref()
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), 15_000).unref()
  })
}
