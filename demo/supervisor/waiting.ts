/**
 * Runs the script it is given (a process of the service) as soon as its parent says so. Reading the programs takes most
 * of a start: that is done meanwhile.
 */
async function main(): Promise<void> {
  const told = new Promise<void>((resolve) => process.once('message', () => resolve()));
  const leave = () => process.exit(0);
  process.once('disconnect', leave);
  await import('reflect-metadata');
  await import('../../src/create-app.js');
  await told;
  process.off('disconnect', leave);
  process.disconnect();
  await import(process.argv[2] ?? '');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
