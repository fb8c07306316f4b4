import { type MaskPack, listRules } from './mask-pack.js';

/** Jobs, sessions and notifications hold objects as PHP writes them, in which anything may be. */
export const LARAVEL: MaskPack = {
  covers: 'Laravel 8 to 12 with Fortify, Jetstream, Passport, Sanctum and Telescope',
  structureOnly: [
    ...['sessions', 'jobs', 'job_batches', 'failed_jobs', 'cache', 'cache_locks', 'notifications'],
    ...['password_resets', 'password_reset_tokens', 'personal_access_tokens', 'oauth_*_tokens'],
    ...['oauth_auth_codes', 'telescope_*'],
  ],
  rules: listRules({
    users: {
      name: 'name',
      email: 'email',
      password: 'token',
      remember_token: 'token',
      two_factor_secret: 'token',
      two_factor_recovery_codes: 'token',
      profile_photo_path: 'text',
    },
    password_resets: { email: 'email', token: 'token' },
    password_reset_tokens: { email: 'email', token: 'token' },
    sessions: { id: 'token', ip_address: 'ip', user_agent: 'text', payload: 'text' },
    jobs: { payload: 'text' },
    failed_jobs: { payload: 'text', exception: 'text' },
    job_batches: { options: 'text' },
    cache: { key: 'token', value: 'text' },
    notifications: { data: 'text' },
    personal_access_tokens: { name: 'text', token: 'token' },
    team_invitations: { email: 'email' },
    oauth_clients: { secret: 'token' },
    oauth_access_tokens: { id: 'token', name: 'text' },
    oauth_refresh_tokens: { id: 'token', access_token_id: 'token' },
    oauth_auth_codes: { id: 'token' },
    telescope_entries: { content: 'text' },
  }),
};
