import 'reflect-metadata';
import '@nestjs/swagger';
import '@node-rs/argon2';
import 'bullmq';
import 'class-transformer';
import 'class-validator';
import 'helmet';
import 'ioredis';
import 'libphonenumber-js/max';
import 'nodemailer';
import 'pino';
import 'pino-http';
import 'preact-render-to-string';
import 'prom-client';
import 'temporal-polyfill';
import 'twilio';
import 'undici';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ScheduleModule } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../src/platform/database.js';

/** The limit of `bench start`: the same packages loaded, one controller, the same pool of connections. */
@Controller()
class OnlyController {
  @Get('health/live')
  live(): { status: string } {
    return { status: 'live' };
  }
}

const pool = {
  provide: DataSource,
  useFactory: () =>
    new DataSource(databaseOptions(process.env['DATABASE_URL'] ?? '', 10, 'msj-bare')).initialize(),
};

@Module({ imports: [ScheduleModule.forRoot()], controllers: [OnlyController], providers: [pool] })
class OnlyModule {}

const app = await NestFactory.create<NestExpressApplication>(OnlyModule, { logger: false });
await app.listen(Number(process.env['PORT']));
