using Clearway.Auth.V1;

namespace Clearway.Proxy.Access;

/// <summary>SHA-256 of a token: the cache holds no credential.</summary>
internal readonly struct TokenHash(byte[] hash) : IEquatable<TokenHash>
{
    private readonly byte[] _hash = hash;

    public bool Equals(TokenHash other) => _hash.AsSpan().SequenceEqual(other._hash);

    public override bool Equals(object? obj) => obj is TokenHash other && Equals(other);

    public override int GetHashCode() => BitConverter.ToInt32(_hash);
}

/// <summary>
/// Remembers verified tokens for a moment: a keystroke costs no verification, and a revoked token does not outlive
/// <see cref="LongestTrust"/>.
/// </summary>
internal sealed class VerifiedTokens(TimeProvider time)
{
    internal const int Capacity = 10_000;

    internal static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<TokenHash, (Claims Claims, DateTimeOffset Until)> _entries = []; // guarded by _gate

    internal Claims? Find(TokenHash token)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(token, out var entry) && time.GetUtcNow() < entry.Until ? entry.Claims : null;
        }
    }

    internal void Keep(TokenHash token, Claims claims)
    {
        var now = time.GetUtcNow();
        var expiry = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt);
        var until = expiry - now < LongestTrust ? expiry : now + LongestTrust;
        lock (_gate)
        {
            if (_entries.Count >= Capacity)
            {
                MakeRoom(now);
            }

            _entries[token] = (claims, until);
        }
    }

    /// <summary>Drops what is over, and everything when that is not enough: the cost is one verification more for each.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (token, entry) in _entries)
        {
            if (entry.Until <= now)
            {
                _entries.Remove(token);
            }
        }

        if (_entries.Count >= Capacity)
        {
            _entries.Clear();
        }
    }
}
