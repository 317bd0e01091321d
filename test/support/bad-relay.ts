import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What the relay does with one mail. */
export type RelayBehaviour =
  | 'accept'
  /** 5xx for the sender, whoever the recipient: our own account is to blame. */
  | 'refuse-sender'
  /** 5xx with the status of an address that does not exist. */
  | 'refuse-recipient'
  /** 4xx for the recipient. */
  | 'defer-recipient'
  /** 5xx once the whole text is there. */
  | 'refuse-text'
  /** 4xx once the whole text is there. */
  | 'defer-text'
  /** The connection is closed after `RCPT TO`: no byte of the text was sent. */
  | 'cut-before-text'
  /** The whole text is taken, and the connection is closed before the answer. */
  | 'take-then-cut'
  /** The whole text is taken, and nothing is answered any more. */
  | 'take-then-hang';

export interface RelayedMail {
  /** Envelope sender. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** It goes on its way: not refused, not put off. */
  readonly isKept: boolean;
}

/** Of the dialogue that goes on. */
interface Dialogue {
  from: string;
  to: string;
  behaviour: RelayBehaviour;
  /** Lines of the text; undefined outside of it. */
  text: string[] | undefined;
}

/** A mail relay that speaks just enough SMTP to be wrong at the step that a test wants. */
export class BadRelay {
  /** @param nth 1 for the first mail to this recipient */
  behaviour: (to: string, nth: number) => RelayBehaviour = () => 'accept';
  /** Every text it got whole, whatever it answered. */
  readonly taken: RelayedMail[] = [];
  private readonly server: Server = createServer((socket) => this.converse(socket));
  private readonly sockets = new Set<Socket>();
  private readonly asked = new Map<string, number>();

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Texts it got whole for this recipient. */
  to(recipient: string): readonly RelayedMail[] {
    return this.taken.filter(({ to }) => to === recipient);
  }

  /** How often this recipient was named to it. */
  askedFor(recipient: string): number {
    return this.asked.get(recipient) ?? 0;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private converse(socket: Socket): void {
    const dialogue: Dialogue = { from: '', to: '', behaviour: 'accept', text: undefined };
    let rest = '';
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.hear(socket, dialogue, line);
    });
    socket.write('220 relay.example ESMTP\r\n');
  }

  private hear(socket: Socket, dialogue: Dialogue, line: string): void {
    if (dialogue.text === undefined) this.command(socket, dialogue, line);
    else if (line === '.') this.end(socket, dialogue, dialogue.text);
    else dialogue.text.push(line);
  }

  private command(socket: Socket, dialogue: Dialogue, line: string): void {
    const say = (answer: string) => socket.write(`${answer}\r\n`);
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (/^mail from:/i.test(line)) {
      dialogue.from = address;
      const refuses = this.behaviour('', 0) === 'refuse-sender';
      say(refuses ? '550 5.7.1 sender not allowed' : '250 2.1.0 ok');
    } else if (/^rcpt to:/i.test(line)) {
      const nth = this.askedFor(address) + 1;
      this.asked.set(address, nth);
      Object.assign(dialogue, { to: address, behaviour: this.behaviour(address, nth) });
      if (dialogue.behaviour === 'refuse-recipient') say('550 5.1.1 no such mailbox');
      else if (dialogue.behaviour === 'defer-recipient') say('450 4.2.1 try again later');
      else say('250 2.1.5 ok');
    } else if (/^data$/i.test(line)) {
      if (dialogue.behaviour === 'cut-before-text') socket.destroy();
      else {
        dialogue.text = [];
        say('354 go on');
      }
    } else if (/^quit$/i.test(line)) socket.end('221 2.0.0 bye\r\n');
    else say('250 relay.example');
  }

  private end(socket: Socket, dialogue: Dialogue, text: readonly string[]): void {
    const { from, to, behaviour } = dialogue;
    dialogue.text = undefined;
    const isKept = behaviour !== 'refuse-text' && behaviour !== 'defer-text';
    this.taken.push({ from, to, text: text.join('\n'), isKept });
    if (behaviour === 'take-then-cut') socket.destroy();
    else if (behaviour === 'refuse-text') socket.write('554 5.7.1 not like this\r\n');
    else if (behaviour === 'defer-text') socket.write('451 4.3.0 try again later\r\n');
    else if (behaviour !== 'take-then-hang') socket.write('250 2.0.0 taken\r\n');
  }
}
