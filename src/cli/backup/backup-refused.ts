import { CommandError } from '../output.js';

export type BackupFault =
  | 'busy'
  | 'file-exists'
  | 'filtered-role'
  | 'not-an-archive'
  | 'wrong-key'
  | 'damaged'
  | 'truncated'
  | 'wrong-version'
  | 'wrong-environment'
  | 'not-empty';

const SENTENCES: Readonly<Record<BackupFault, string>> = {
  busy: 'a migration, a backup or a restore is under way: try again when it is over',
  'file-exists': 'a file of that name exists already: it is never written over',
  'filtered-role': 'row security would hide rows from this role: set DATABASE_OWNER_URL to the owner',
  'not-an-archive': 'this file is no backup of ours',
  'wrong-key': 'this backup was made under a key that SECRET_KEYS does not list',
  damaged: 'this backup is damaged: nothing was restored',
  truncated: 'this backup ends too early: nothing was restored',
  'wrong-version': 'this backup and the database are not of the same schema version',
  'wrong-environment': 'this backup was made in another environment',
  'not-empty': 'the database is not empty: a backup is restored into a migrated, empty one only',
};

/** Nothing was kept of what was begun. The sentence begins with the name of the fault. */
export class BackupRefused extends CommandError {
  constructor(
    readonly fault: BackupFault,
    detail?: string,
  ) {
    super(`${fault}: ${SENTENCES[fault]}${detail === undefined ? '' : ` (${detail})`}`);
  }
}
