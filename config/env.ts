import 'reflect-metadata';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsPositive,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';

/** Hosts that are this machine. */
export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

const list = ({ value }: { value: unknown }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    : value;
const integer = ({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
const http = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const withTwilio = (env: Env) => env.SMS_PROVIDERS.includes('twilio');
/** Agents may sign in at a provider. */
export const withOidc = (env: Env) => env.OIDC_ISSUER !== undefined;
const withLinkMobility = (env: Env) => env.SMS_PROVIDERS.includes('link-mobility');
const decimal = ({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,5}(\.\d{1,3})?$/.test(value) ? Number(value) : value;

export const SMS_OPERATORS = ['twilio', 'link-mobility'] as const;
export type SmsOperator = (typeof SMS_OPERATORS)[number];

/** What the operator of the service sets. Meaning and defaults: `config/env.example`. */
export class Env {
  @IsIn(['production', 'staging', 'demo', 'test'])
  readonly APP_ENV!: 'production' | 'staging' | 'demo' | 'test';

  @IsIn(['web', 'worker', 'all'])
  readonly APP_ROLE: 'web' | 'worker' | 'all' = 'all';

  @Transform(integer)
  @IsInt()
  @Min(0)
  @Max(65535)
  readonly PORT: number = 3000;

  /** The address outsiders use: links in messages, callbacks and their signatures. Never read from a request. */
  @IsUrl(http)
  readonly PUBLIC_BASE_URL!: string;

  /** Number of proxies in front of us whose `X-Forwarded-For` is believed. */
  @Transform(integer)
  @IsInt()
  @Min(0)
  @Max(10)
  readonly TRUST_PROXY: number = 0;

  @IsUrl({ protocols: ['postgres', 'postgresql'], require_protocol: true, require_tld: false })
  readonly DATABASE_URL!: string;

  @IsOptional()
  @IsUrl({ protocols: ['postgres', 'postgresql'], require_protocol: true, require_tld: false })
  readonly DATABASE_OWNER_URL?: string;

  /** Connections of one process, not counting those of the queue. */
  @Transform(integer)
  @IsInt()
  @Min(1)
  @Max(100)
  readonly DATABASE_POOL_SIZE: number = 10;

  @IsOptional()
  @IsUrl({ protocols: ['redis', 'rediss'], require_protocol: true, require_tld: false })
  readonly REDIS_URL?: string;

  /** The first one takes every text, the next ones what it cannot take; a territory may prefer another one. */
  @Transform(list)
  @ArrayUnique()
  @IsIn(SMS_OPERATORS, { each: true })
  readonly SMS_PROVIDERS: readonly SmsOperator[] = [];

  @ValidateIf(withTwilio)
  @Matches(/^AC\w+$/)
  readonly TWILIO_ACCOUNT_SID!: string;

  /** Newest first; the others are still accepted on callbacks while the token rotates. */
  @Transform(list)
  @ValidateIf(withTwilio)
  @ArrayMinSize(1)
  @Matches(/^\S+$/, { each: true })
  readonly TWILIO_AUTH_TOKEN: readonly string[] = [];

  /** Alphanumeric sender (at most 11 characters), number, or messaging service. */
  @ValidateIf(withTwilio)
  @Matches(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$|^\+\d{5,15}$|^MG[0-9a-f]{32}$/)
  readonly TWILIO_SENDER!: string;

  @IsOptional()
  @IsUrl(http)
  readonly TWILIO_API_BASE_URL?: string;

  /** Texts handed over in a second at most, by all workers together; absent: no limit. */
  @IsOptional()
  @Transform(decimal)
  @IsPositive()
  readonly TWILIO_MESSAGES_PER_SECOND?: number;

  @ValidateIf(withLinkMobility)
  @Matches(/^[^\s:]+$/)
  readonly LINK_MOBILITY_ACCOUNT!: string;

  @ValidateIf(withLinkMobility)
  @Matches(/^\S+$/)
  readonly LINK_MOBILITY_PASSWORD!: string;

  /** Alphanumeric sender, at most 11 characters. */
  @ValidateIf(withLinkMobility)
  @Matches(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/)
  readonly LINK_MOBILITY_SENDER!: string;

  @ValidateIf(withLinkMobility)
  @IsUrl(http)
  readonly LINK_MOBILITY_API_BASE_URL!: string;

  @IsOptional()
  @Transform(decimal)
  @IsPositive()
  readonly LINK_MOBILITY_MESSAGES_PER_SECOND?: number;

  /**
   * Secret last part of the address that LINK Mobility calls with its delivery reports, newest first; the others are
   * still accepted while it rotates. Absent: no report is asked for and none is believed, so that no text of it
   * counts as arrived.
   */
  @Transform(list)
  @Matches(/^[\w-]{22,64}$/, { each: true })
  readonly LINK_MOBILITY_CALLBACK_TOKEN: readonly string[] = [];

  @IsOptional()
  @IsUrl({ protocols: ['smtp', 'smtps'], require_protocol: true, require_tld: false })
  readonly SMTP_URL?: string;

  @ValidateIf((env: Env) => env.SMTP_URL !== undefined)
  @IsEmail({ allow_display_name: true, require_tld: false })
  readonly MAIL_FROM!: string;

  /**
   * Mailbox to which e-mails that cannot be delivered come back; each e-mail carries one address of its own, with
   * `+` and a token before the `@`. Absent: they go to MAIL_FROM, and nobody here reads them.
   */
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,24}@[A-Za-z0-9.-]{1,190}$/)
  readonly MAIL_RETURN_ADDRESS?: string;

  /** Master keys, newest first; one key per purpose is derived from each. */
  @Transform(list)
  @ArrayMinSize(1)
  @Matches(/^.{32,}$/, { each: true })
  readonly SECRET_KEYS!: readonly string[];

  /** Local hours, at the place, in which a message may leave. `HH:mm-HH:mm`, both ends included. */
  @Matches(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/)
  readonly SEND_WINDOW: string = '08:00-20:00';

  @Transform(list)
  readonly SEND_ALLOW_LIST: readonly string[] = [];

  /** Calls to the operator in flight in one worker process. */
  @Transform(integer)
  @IsInt()
  @Min(1)
  @Max(500)
  readonly SEND_CONCURRENCY: number = 20;

  /** ProConnect or any OpenID provider. Absent: agents sign in by password only. */
  @IsOptional()
  @IsUrl(http)
  readonly OIDC_ISSUER?: string;

  @ValidateIf(withOidc)
  @Matches(/^\S+$/)
  readonly OIDC_CLIENT_ID!: string;

  @ValidateIf(withOidc)
  @Matches(/^\S+$/)
  readonly OIDC_CLIENT_SECRET!: string;

  /** What the button calls the provider. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} .'’-]{0,39}$/u)
  readonly OIDC_NAME: string = 'ProConnect';

  @Matches(/^openid( [\w:./-]+)*$/)
  readonly OIDC_SCOPE: string = 'openid uid given_name usual_name email siret idp_id';

  /** Further query parameters of the authorization request, `name=value&…`. ProConnect refuses those it does not know. */
  @Matches(/^([\w-]+=[^&=\s]*(&[\w-]+=[^&=\s]*)*)?$/)
  readonly OIDC_PARAMETERS: string = '';

  /** Proof key for the code; ProConnect does not know its parameters. */
  @IsIn(['on', 'off'])
  readonly OIDC_PKCE: 'on' | 'off' = 'off';

  /** The one algorithm with which the provider signs, as registered there; any other is refused. */
  @IsIn(['RS256', 'PS256', 'ES256', 'HS256'])
  readonly OIDC_SIGNING_ALG: 'RS256' | 'PS256' | 'ES256' | 'HS256' = 'RS256';

  /** ProConnect answers userinfo by a signed token; other providers may answer plain JSON. */
  @IsIn(['signed', 'json'])
  readonly OIDC_USERINFO: 'signed' | 'json' = 'signed';

  /** `off` for measurements only: refused in production and staging. */
  @IsIn(['on', 'off'])
  readonly RATE_LIMITS: 'on' | 'off' = 'on';

  @IsOptional()
  @Matches(/^\S+$/)
  readonly METRICS_TOKEN?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly LOG_LEVEL: string = 'info';

  /** The pages of the queue's own board, read-only, for central administrators. */
  @IsIn(['on', 'off'])
  readonly JOBS_BOARD: 'on' | 'off' = 'off';

  @Transform(list)
  @Matches(/^[a-z-]+(=[a-z0-9-]+)?$/, { each: true })
  readonly FAILPOINTS: readonly string[] = [];
}

/** True for a loopback host and for one the operator listed. */
export function isHostAllowed(env: Pick<Env, 'SEND_ALLOW_LIST'>, url: string): boolean {
  const host = new URL(url).hostname;
  return LOOPBACK.includes(host) || env.SEND_ALLOW_LIST.includes(host);
}
