import { Module } from '@nestjs/common';
import { ArchivePlace } from './console/archive-place.js';
import { ChangeAgenda } from './console/change-agenda.js';
import { ChangeAppointmentType } from './console/change-appointment-type.js';
import { SaveOrganization } from './console/save-organization.js';
import { SavePlace } from './console/save-place.js';
import { CloseSlot } from './close-slot.js';
import { ExtendWeeklySlots } from './extend-weekly-slots.js';
import { OpenSlot } from './open-slot.js';
import { OpenSlots } from './open-slots.js';
import { ReopenSlot } from './reopen-slot.js';

const CONSOLE = [ArchivePlace, ChangeAgenda, ChangeAppointmentType, SaveOrganization, SavePlace];
const USE_CASES = [OpenSlot, OpenSlots, CloseSlot, ReopenSlot, ExtendWeeklySlots, ...CONSOLE];

@Module({ providers: USE_CASES, exports: USE_CASES })
export class OrganizationsModule {}
