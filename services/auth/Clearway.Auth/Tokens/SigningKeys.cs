using System.Collections.Frozen;

namespace Clearway.Auth.Tokens;

/// <summary>
/// The keys of this installation: the newest signs, all of them verify. A key is rotated by adding a newer one, and taken away
/// when the last token that it signed has expired (24 h, the life of an invitation).
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private readonly FrozenDictionary<string, SigningKey> _byKeyId;

    /// <param name="newestFirst">At least one.</param>
    public SigningKeys(IReadOnlyList<SigningKey> newestFirst)
    {
        All = newestFirst;
        _byKeyId = newestFirst.DistinctBy(key => key.KeyId).ToFrozenDictionary(key => key.KeyId, StringComparer.Ordinal);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SigningKey> All { get; }

    public SigningKey Signing => All[0];

    /// <summary>By exact comparison; null for an id that is not ours.</summary>
    public SigningKey? Find(string keyId) => _byKeyId.GetValueOrDefault(keyId);

    public void Dispose()
    {
        foreach (var key in All)
        {
            key.Dispose();
        }
    }
}
