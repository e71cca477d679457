using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Accounts;

/// <summary>Compares passwords in a time that tells neither length nor a common beginning.</summary>
internal sealed class OrganizerPassword(IOptions<AccountOptions> options)
{
    private readonly byte[] _hash = Hash(options.Value.OrganizerPassword);

    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Hash(password), _hash);

    private static byte[] Hash(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
