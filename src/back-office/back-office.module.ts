import { Module } from '@nestjs/common';
import { ProofPage } from '../access/fresh-sign-in.js';
import { AgentsModule } from '../agents/agents.module.js';
import { ConvocationsModule } from '../convocations/convocations.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrganizationsModule } from '../organizations/organizations.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { RefusalPage } from '../platform/refusal-page.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { RolloutsModule } from '../statistics/rollouts/rollouts.module.js';
import { StatisticsModule } from '../statistics/statistics.module.js';
import { AbsenceExportsController } from './absence-exports/absence-exports.controller.js';
import { AbsenceController } from './absence/absence.controller.js';
import { AbsencePages } from './absence/absence.view.js';
import { DefinitionsController } from './absence-definitions/definitions.controller.js';
import { MineController } from './absence-mine/mine.controller.js';
import { NationalController } from './absence-national/national.controller.js';
import { AgendasController } from './agendas/agendas.controller.js';
import { WeekPages } from './agendas/week.view.js';
import { AccountController } from './account/account.controller.js';
import { AgentAbsencesController } from './agents/agent-absences.controller.js';
import { AgentsController } from './agents/agents.controller.js';
import { CardWrites } from './agents/card-writes.js';
import { AgentsImportController } from './agents/import.controller.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { ServiceController } from './service/service.controller.js';
import { AgentPages } from './agents/agents.view.js';
import { ImpersonationController } from './agents/impersonation.controller.js';
import { InvitationsController } from './agents/invitations.controller.js';
import { LeavingController } from './agents/leaving.controller.js';
import { TransfersController } from './agents/transfers.controller.js';
import { TransferPages } from './agents/transfers.view.js';
import { CharterController } from './charter/charter.controller.js';
import { AttentionController } from './attention/attention.controller.js';
import { OrganizationsController } from './console-organizations/organizations.controller.js';
import { TypesController } from './console-types/types.controller.js';
import { JobsBoard } from './console-jobs/jobs-board.js';
import { JobsController } from './console-jobs/jobs.controller.js';
import { ConsoleController } from './console/console.controller.js';
import { PlacesController } from './places/places.controller.js';
import { WebhooksController } from './console-webhooks/webhooks.controller.js';
import { KeysController } from './console-keys/keys.controller.js';
import { BookingController } from './booking/booking.controller.js';
import { BookingPages } from './booking/booking.view.js';
import { ConvocationController } from './convocation/convocation.controller.js';
import { ConvocationPages } from './convocation/convocation.view.js';
import { RescheduleController } from './convocation/reschedule.controller.js';
import { DayListController } from './day-list/day-list.controller.js';
import { HomeController } from './home/home.controller.js';
import { EditorPages } from './messages-admin/editor.view.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { CertificatePages } from './certificates/certificates.view.js';
import { JournalController } from './journal/journal.controller.js';
import { MessagesController } from './messages-admin/messages.controller.js';
import { SheetPages } from './messages-admin/sheet.view.js';
import { OfficeHours } from './office-hours.js';
import { PageWrites } from './page-writes.js';
import { PlansController } from './plans/plans.controller.js';
import { PlanPages } from './plans/plans.view.js';
import { ServiceHoursController } from './plans/service-hours.controller.js';
import { TerritoriesController } from './territories/territories.controller.js';
import { PersonCardController } from './persons/card.controller.js';
import { PersonFormController } from './persons/person-form.controller.js';
import { ResumeController } from './persons/resume.controller.js';
import { SearchController } from './persons/search.controller.js';
import { FrenchRefusalPage } from './refusal-page.js';
import { BaselineController } from './rollouts/baseline.controller.js';
import { PlannerController } from './rollouts/planner.controller.js';
import { RightsController } from './rights/rights.controller.js';
import { RolloutRowController } from './rollouts/rollout-row.controller.js';
import { RolloutsController } from './rollouts/rollouts.controller.js';
import { AuthenticatorController } from './account/authenticator.controller.js';
import { ConfirmController } from './account/confirm.controller.js';
import { FrenchProofPage } from './account/confirm.page.js';
import { PasswordController } from './account/password.controller.js';
import { SecurityController } from './account/security.controller.js';
import { SessionsController } from './account/sessions.controller.js';
import { ForgottenController } from './sign-in/forgotten.controller.js';
import { ProviderController } from './sign-in/provider.controller.js';
import { SecondFactorController } from './sign-in/second-factor.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInPages } from './sign-in/sign-in.view.js';
import { PasswordByLink } from './sign-in/chosen-password.js';
import { WelcomeController } from './sign-in/welcome.controller.js';
import { HoldController } from './surety/hold.controller.js';
import { SuretyController } from './surety/surety.controller.js';
import { SuretyPages } from './surety/surety.view.js';
import { SettingsController } from './settings/settings.controller.js';
import { TrialsController } from './trials/trials.controller.js';
import { TrialPages } from './trials/trials.view.js';
import { TasksController } from './tasks/tasks.controller.js';
import { WorklistController } from './worklist/worklist.controller.js';

/** The rooms of the agents. Addresses with fixed words come before those with an id. */
@Module({
  imports: [
    AgentsModule,
    OrganizationsModule,
    PersonsModule,
    ConvocationsModule,
    NotificationsModule,
    RolloutsModule,
    WebhooksModule,
    StatisticsModule,
  ],
  controllers: [
    SignInController,
    ProviderController,
    SecondFactorController,
    ForgottenController,
    WelcomeController,
    SecurityController,
    AuthenticatorController,
    PasswordController,
    SessionsController,
    ConfirmController,
    AccountController,
    CharterController,
    ServiceController,
    AlertsController,
    AgentsImportController,
    TransfersController,
    ImpersonationController,
    InvitationsController,
    AgentsController,
    AgentAbsencesController,
    LeavingController,
    HomeController,
    TasksController,
    WorklistController,
    SettingsController,
    AttentionController,
    SearchController,
    PersonFormController,
    BookingController,
    PersonCardController,
    JournalController,
    CertificatesController,
    ResumeController,
    RescheduleController,
    ConvocationController,
    DayListController,
    AgendasController,
    DefinitionsController,
    MineController,
    NationalController,
    AbsenceController,
    AbsenceExportsController,
    MessagesController,
    PlansController,
    ServiceHoursController,
    TerritoriesController,
    TrialsController,
    RightsController,
    RolloutsController,
    RolloutRowController,
    BaselineController,
    PlannerController,
    SuretyController,
    HoldController,
    KeysController,
    WebhooksController,
    ConsoleController,
    JobsController,
    OrganizationsController,
    TypesController,
    PlacesController,
  ],
  providers: [
    JobsBoard,
    OfficeHours,
    AgentPages,
    TransferPages,
    CardWrites,
    AbsencePages,
    PageWrites,
    PasswordByLink,
    SignInPages,
    BookingPages,
    EditorPages,
    SheetPages,
    ConvocationPages,
    CertificatePages,
    SuretyPages,
    WeekPages,
    PlanPages,
    TrialPages,
    { provide: RefusalPage, useClass: FrenchRefusalPage },
    { provide: ProofPage, useClass: FrenchProofPage },
  ],
  exports: [RefusalPage, ProofPage],
})
export class BackOfficeModule {}
