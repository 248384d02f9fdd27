"""The reactor as a guest: asyncio, GLib, Qt, Tk or wx wait, and our loop works when they call it."""
