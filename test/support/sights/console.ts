import type { BrowserWorld } from '../browser-world.js';
import { press, type Sight } from './sight.js';

export function consoleSights(
  { key, webhook, place }: Record<'key' | 'webhook' | 'place', string>,
  { organizationId }: BrowserWorld,
): Sight[] {
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    name,
    path,
    role: 'admin',
    status,
    ...(act === undefined ? {} : { act: press(act) }),
  });
  return [
    admin('console', '/console'),
    admin('console-keys', '/console/keys'),
    admin('console-key-new', '/console/keys/new'),
    admin('console-key-refused', '/console/keys/new', 'Créer la clé', 400),
    admin('console-key', `/console/keys/${key}`),
    admin('console-key-shown', `/console/keys/${key}`, 'Remplacer la clé'),
    admin('console-webhooks', '/console/webhooks'),
    admin('console-webhook-new', '/console/webhooks/new'),
    admin('console-webhook-refused', '/console/webhooks/new', 'Ajouter et appeler', 400),
    admin('console-webhook', `/console/webhooks/${webhook}`),
    admin('console-organizations', '/console/organizations'),
    admin('console-organization-new', '/console/organizations/new'),
    admin('console-organization-refused', '/console/organizations/new', 'Enregistrer', 400),
    admin('console-organization', `/console/organizations/${organizationId}`),
    admin('console-types', '/console/types'),
    admin('console-type', '/console/types/suivi-spip'),
    admin('console-jobs-off', '/console/jobs', undefined, 404),
    admin('console-jobs-inside-off', '/console/jobs/queue/messages', undefined, 404),
    admin('places', '/places'),
    admin('place-new', '/places/new'),
    admin('place-new-refused', '/places/new', 'Enregistrer', 400),
    admin('place', `/places/${place}`),
    admin('place-archive-refused', `/places/${place}`, 'Archiver ce lieu', 400),
  ];
}
