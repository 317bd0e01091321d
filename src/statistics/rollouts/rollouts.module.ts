import { Module } from '@nestjs/common';
import { ImportBaseline } from '../baseline/import-baseline.js';
import { UndoBaseline } from '../baseline/undo-baseline.js';
import { SavePlan } from '../planner/save-plan.js';
import { CorrectRollout } from './correct-rollout.js';
import { SetTarget } from './set-target.js';
import { StartRollout } from './start-rollout.js';
import { StopRollout } from './stop-rollout.js';

const PROVIDERS = [
  StartRollout,
  StopRollout,
  CorrectRollout,
  SetTarget,
  ImportBaseline,
  UndoBaseline,
  SavePlan,
];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class RolloutsModule {}
