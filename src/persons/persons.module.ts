import { Module } from '@nestjs/common';
import { LiftPhoneBlock } from './lift-phone-block.js';
import { RegisterPerson } from './register-person.js';
import { ResumeMessages } from './resume-messages.js';
import { StopMessagesByLink } from './stop-messages-by-link.js';
import { StopMessages } from './stop-messages.js';
import { UpdatePerson } from './update-person.js';

const USE_CASES = [
  LiftPhoneBlock,
  RegisterPerson,
  UpdatePerson,
  StopMessages,
  ResumeMessages,
  StopMessagesByLink,
];

@Module({ providers: USE_CASES, exports: USE_CASES })
export class PersonsModule {}
