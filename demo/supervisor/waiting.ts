import { Server } from 'node:net';

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
  tellWhenListening();
  await import(process.argv[2] ?? '');
}

/** What answers at the port of a process may be another program: its parent hears of it by the process itself. */
function tellWhenListening(): void {
  const listen = Reflect.get(Server.prototype, 'listen') as (...wishes: unknown[]) => Server;
  Server.prototype.listen = function (this: Server, ...wishes: unknown[]): Server {
    this.once('listening', () => {
      if (process.connected) process.send?.('listening', leaveParent);
    });
    return Reflect.apply(listen, this, wishes);
  } as Server['listen'];
}

/** Once only: a `listen` that failed and the one after it are both told of. */
function leaveParent(): void {
  if (process.connected) process.disconnect();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
