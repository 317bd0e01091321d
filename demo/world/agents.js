const agent = (service, role, firstName, lastName)=>({
        service,
        role,
        firstName,
        lastName
    });
/** About forty fictional agents, every role at least once. */ export const AGENTS = [
    agent('spip-92', 'cpip', 'Inès', 'Caradec'),
    agent('spip-92', 'dpip', 'Claire', 'Montauban'),
    agent('spip-92', 'local-admin', 'Solène', 'Vaugrenard'),
    agent('spip-92', 'cpip', 'Marius', 'Trévidic'),
    agent('spip-92', 'cpip', 'Amina', 'Sarrasin'),
    agent('spip-92', 'cpip', 'Paul', 'Desforges'),
    agent('spip-92', 'spip-secretary', 'Nadège', 'Coulommes'),
    agent('spip-92', 'educator', 'Bruno', 'Lestrange'),
    agent('spip-92', 'psychologist', 'Édith', 'Pommeraie'),
    agent('spip-92', 'overseer', 'Gaël', 'Ronceray'),
    agent('spip-92', 'admin', 'Odile', 'Framboisier'),
    agent('tj-92', 'bex', 'Hector', 'Villandry'),
    agent('tj-92', 'jap', 'Adèle', 'Guérande'),
    agent('tj-92', 'local-admin', 'Rachid', 'Beaurepaire'),
    agent('tj-92', 'prosecutor', 'Sixtine', 'Rochambeau'),
    agent('tj-92', 'bex-head-clerk', 'Louison', 'Charmeil'),
    agent('tj-92', 'criminal-clerk', 'Tara', 'Belcastel'),
    agent('tj-92', 'juvenile-clerk', 'Noé', 'Fontenoy'),
    agent('tj-92', 'plea-clerk', 'Maud', 'Hauteville'),
    agent('tj-92', 'appeal-clerk', 'Simon', 'Clairvaux'),
    agent('tj-92', 'sap-secretary', 'Perle', 'Andelys'),
    agent('tj-92', 'sap-head-clerk', 'Yvon', 'Kerleroux'),
    agent('tj-92', 'sap-clerk', 'Lila', 'Marsannay'),
    agent('spip-973', 'cpip', 'Joël', 'Batifol'),
    agent('spip-973', 'dpip', 'Rosalie', 'Approuague'),
    agent('spip-973', 'local-admin', 'Firmin', 'Counamama'),
    agent('spip-973', 'cpip', 'Maïté', 'Sinnamarin'),
    agent('tj-973', 'bex', 'Elsa', 'Mahurie'),
    agent('tj-973', 'jap', 'Basile', 'Kourouce'),
    agent('spip-974', 'cpip', 'Axelle', 'Payetin'),
    agent('spip-974', 'dpip', 'Fabrice', 'Salazin'),
    agent('spip-974', 'local-admin', 'Marie-Ange', 'Cilaosin'),
    agent('spip-974', 'cpip', 'Dimitri', 'Hoarel'),
    agent('tj-974', 'bex', 'Coralie', 'Vitryot'),
    agent('tj-974', 'sap-clerk', 'Ludovic', 'Mafatel'),
    agent('spip-972', 'cpip', 'Josette', 'Diamantine'),
    agent('spip-976', 'cpip', 'Anfiati', 'Mtsapera'),
    agent('spip-975', 'cpip', 'Yann', 'Langladier'),
    agent('spip-978', 'cpip', 'Kelly', 'Grandcaze'),
    agent('spip-988', 'cpip', 'Wassa', 'Tiwakin'),
    agent('spip-987', 'cpip', 'Hina', 'Faarone'),
    agent('spip-986', 'cpip', 'Malia', 'Uveane')
];
/** `ines.caradec@spip-92.example`: the reserved domain `.example` reaches nobody. */ export function emailOf({ firstName, lastName, service }) {
    return `${plain(firstName)}.${plain(lastName)}@${service}.example`;
}
function plain(text) {
    return text.normalize('NFD').replace(/[^a-zA-Z-]/g, '').toLowerCase();
}
