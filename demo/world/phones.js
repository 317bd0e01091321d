/** First digits and length in E.164 of a mobile and of a landline that exist in each territory. */ const RANGES = {
    FR: {
        mobile: '+336120',
        landline: '+331990',
        length: 12
    },
    GF: {
        mobile: '+5946942',
        landline: '+5945943',
        length: 13
    },
    RE: {
        mobile: '+2626922',
        landline: '+2622622',
        length: 13
    },
    MQ: {
        mobile: '+5966962',
        landline: '+5965965',
        length: 13
    },
    YT: {
        mobile: '+2626392',
        landline: '+26226960',
        length: 13
    },
    PM: {
        mobile: '+50855',
        landline: '+50841',
        length: 10
    },
    MF: {
        mobile: '+5906903',
        landline: '+59059027',
        length: 13
    },
    NC: {
        mobile: '+68775',
        landline: '+68725',
        length: 10
    },
    PF: {
        mobile: '+6898720',
        landline: '+6894050',
        length: 12
    },
    WF: {
        mobile: '+68182',
        landline: '+68172',
        length: 10
    }
};
/**
 * The mobile of rank `rank` (0 …) in a territory. Never ends in 90 to 99, the endings at which the simulated
 * operator misbehaves. Nothing is ever really sent there: the demo speaks to a simulator on the loopback.
 */ export function mobile(territory, rank) {
    const { mobile: start, length } = RANGES[territory];
    return numbered(start, length, Math.floor(rank / 90) * 100 + rank % 90);
}
/** @param ending 90 to 99, see the simulator's page */ export function misbehavingMobile(territory, ending) {
    const { mobile: start, length } = RANGES[territory];
    return numbered(start, length, 100 + ending);
}
export function landline(territory, rank) {
    const { landline: start, length } = RANGES[territory];
    return numbered(start, length, rank);
}
function numbered(start, length, n) {
    return start + String(n).padStart(length - start.length, '0');
}
