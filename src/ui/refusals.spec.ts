import { AlreadyBooked } from '../convocations/domain/convocation.rules.js';
import { Conflict, type DomainError, Forbidden, NotFound, ValidationFailed } from '../shared/domain-error.js';
import { NonexistentLocalTime } from '../shared/time.js';
import { STATUS } from '../platform/problem-json.filter.js';
import { problemsOf, SENTENCES } from './refusals.js';

describe('what a refusal says', () => {
  it('has a sentence for every code of the contract', () => {
    expect(Object.keys(STATUS).filter((code) => SENTENCES[code] === undefined)).toEqual([]);
  });

  it('points at the field', () => {
    expect(problemsOf(new NonexistentLocalTime())).toEqual([
      { field: 'time', sentence: expect.stringContaining('n’existe pas ce jour-là') },
    ]);
  });

  it('says each faulty field once, by its fault when one is known', () => {
    const errors = ['name', 'text'].map((code) => ({ field: 'firstName', code, message: '' }));
    const guessable = { field: 'password', code: 'guessable', message: '' };
    const problems = problemsOf(new ValidationFailed([...errors, guessable]));
    expect(problems?.map(({ field }) => field)).toEqual(['firstName', 'password']);
    expect(problems?.[1]?.sentence).toContain('se devine');
  });

  it('leaves an unknown field without an anchor', () => {
    const strange = new ValidationFailed([{ field: 'strange', code: 'unknown-field', message: '' }]);
    expect(problemsOf(strange)).toEqual([{ sentence: SENTENCES['validation'] }]);
  });

  it('mends neither what is missing, nor what is forbidden, nor our own faults', () => {
    for (const error of [new NotFound('person'), new Forbidden('slot.manage'), new Error('bug')])
      expect(problemsOf(error)).toBeUndefined();
    expect(problemsOf(new Conflict('person'))).toHaveLength(1);
  });

  it('speaks of an hour already taken only to who books', () => {
    const said = (error: DomainError) => problemsOf(error)?.[0]?.sentence;
    expect(said(new Conflict('template'))).not.toContain('convoquée');
    expect(said(new Conflict('task'))).toContain('tâche');
    expect(said(new AlreadyBooked())).toContain('déjà convoquée à cette heure');
  });
});
