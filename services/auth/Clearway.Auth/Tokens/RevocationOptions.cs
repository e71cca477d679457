namespace Clearway.Auth.Tokens;

/// <summary>How revocations are asked for, section <c>Auth</c>.</summary>
internal sealed class RevocationOptions
{
    /// <summary>A join waits for this: after so long without an answer, a clear "cannot tell" is better. Default 1 s.</summary>
    public TimeSpan RevocationTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
