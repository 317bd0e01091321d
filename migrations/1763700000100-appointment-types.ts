import type { MigrationInterface, QueryRunner } from 'typeorm';

const BEX = [
  'bex',
  'prosecutor',
  'bex-head-clerk',
  'criminal-clerk',
  'juvenile-clerk',
  'plea-clerk',
  'appeal-clerk',
];
const SAP = ['jap', 'sap-secretary', 'sap-head-clerk', 'sap-clerk', 'local-admin'];
const SPIP = ['dpip', 'cpip', 'spip-secretary', 'educator', 'psychologist', 'overseer', 'local-admin'];
const SPIP_MONITORING = ['dpip', 'overseer', 'local-admin'];

interface Type {
  readonly code: string;
  readonly name: string;
  readonly slot?: true;
  readonly weekends?: true;
  readonly hidesAddress?: true;
  readonly hearingExit?: true;
  readonly assigned?: true;
  readonly placeKind?: 'spip' | 'tj';
  readonly tj?: readonly string[];
  readonly spip?: readonly string[];
}

const spipType = (code: string, name: string, more: Partial<Type> = {}): Type => ({
  code,
  name,
  assigned: true,
  spip: SPIP,
  ...more,
});

const TYPES: readonly Type[] = [
  {
    code: 'sortie-audience-sap',
    name: 'Sortie d’audience SAP',
    slot: true,
    hearingExit: true,
    placeKind: 'tj',
    tj: [...BEX, ...SAP],
  },
  {
    code: 'sortie-audience-spip',
    name: 'Sortie d’audience SPIP',
    slot: true,
    hearingExit: true,
    placeKind: 'spip',
    tj: [...BEX, ...SAP],
    spip: SPIP,
  },
  { code: 'sap-ddse', name: 'SAP DDSE', slot: true, tj: SAP, spip: SPIP_MONITORING },
  { code: 'suivi-jap', name: 'Convocation de suivi JAP', tj: SAP },
  { code: 'debat-contradictoire', name: 'SAP débat contradictoire', tj: SAP },
  { code: 'convocation-japat', name: 'Convocation JAPAT', tj: SAP },
  spipType('premiere-convocation-spip', '1ʳᵉ convocation de suivi SPIP'),
  spipType('suivi-spip', 'Convocation de suivi SPIP'),
  spipType('convocation-741-1', 'Convocation 741-1'),
  spipType('placement-tig-tnr', 'Placement TIG/TNR', { weekends: true }),
  spipType('visite-domicile', 'Visite à domicile', { hidesAddress: true }),
  spipType('rdv-telephonique', 'RDV téléphonique', { hidesAddress: true }),
  spipType('convocation-ddse', 'Convocation DDSE', { weekends: true }),
  spipType('convocation-stage', 'Convocation stage'),
  spipType('rappel-spip', 'Convocation rappel SPIP'),
  spipType('action-collective', 'Action collective'),
];

/** The 16 appointment types with their attributes (who may book, weekends, address, slots). Undo: removes them. */
export class AppointmentTypes1763700000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const [position, t] of TYPES.entries())
      await q.query(
        `INSERT INTO appointment_type (code, name, position, needs_slot, on_weekends, shows_address,
           is_hearing_exit, is_assigned, place_kind, booked_by_tj, booked_by_spip)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          t.code,
          t.name,
          position,
          t.slot ?? false,
          t.weekends ?? false,
          !t.hidesAddress,
          t.hearingExit ?? false,
          t.assigned ?? false,
          t.placeKind ?? null,
          t.tj ?? [],
          t.spip ?? [],
        ],
      );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM appointment_type');
  }
}
