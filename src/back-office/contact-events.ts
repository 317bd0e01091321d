/** What happens to a number or an address, told alike in the journal and in the file of a person. */
export const CONTACT_EVENTS = {
  'phone.lift-asked': 'Réouverture du numéro demandée',
  'phone.block-lifted': 'Numéro rouvert',
  'address.wrong-person': 'E-mail reçu par quelqu’un d’autre\u00a0: adresse bloquée',
  'address.stopped': 'Arrêt des e-mails à cette adresse',
  'address.lift-asked': 'Réouverture de l’adresse e-mail demandée',
  'address.block-lifted': 'Adresse e-mail rouverte',
  'person.number-flagged': 'Numéro à corriger',
  'person.address-flagged': 'Adresse e-mail à corriger',
} as const;
