/** Does nothing, beside something that is measured: its event loop's delay is the machine's doing. */
setInterval(() => undefined, 1000);
process.once('SIGTERM', () => process.exit());
