import { Module } from '@nestjs/common';
import { ChangeCapacity } from './change-capacity.js';
import { CloseSlot } from './close-slot.js';
import { ExtendWeeklySlots } from './extend-weekly-slots.js';
import { OpenSlot } from './open-slot.js';
import { OpenSlots } from './open-slots.js';
import { ReopenSlot } from './reopen-slot.js';

const USE_CASES = [OpenSlot, OpenSlots, CloseSlot, ReopenSlot, ChangeCapacity, ExtendWeeklySlots];

@Module({ providers: USE_CASES, exports: USE_CASES })
export class OrganizationsModule {}
