import { faultOf } from './password-guesses.js';

describe('guessability', () => {
  it.each([
    'cheval agrafe pile correcte',
    'quatre mots bien longs',
    'x7#kQ!v9Lp2@mZr',
    '🦊🦊 renards et lanternes',
  ])('lets %j pass', async (password) => {
    expect(await faultOf(password, [])).toBeNull();
  });

  it.each([
    'azertyuiopqsdfgh',
    'bonjourbonjour1234',
    'jetaimejetaimejetaime',
    '123456789012345',
    'marseille13marseille',
  ])('refuses %j', async (password) => {
    expect(await faultOf(password, [])).toBe('guessable');
  });

  it('asks more of words that belong to the agent', async () => {
    expect(await faultOf('zorglubette2026!', [])).toBeNull();
    expect(await faultOf('zorglubette2026!', ['zorglubette'])).toBe('context');
  });
});
