namespace Clearway.Auth.Tests;

/// <summary>Tests that share one running service. The clock is shared as well, and only ever moves forward.</summary>
[CollectionDefinition(nameof(RunningAuth))]
public sealed class RunningAuth : ICollectionFixture<AuthHost>;
