using System.Security.Cryptography;
using System.Text;
using Clearway.Auth.V1;
using Clearway.Proxy.Access;

namespace Clearway.Benchmarks;

/// <summary>A token that the proxy verified a moment ago, beside the bare hash by which it is found.</summary>
internal static class KnownTokenBenchmark
{
    /// <summary>Characters of a room token, rounded.</summary>
    private const int TokenLength = 700;

    internal static Contest Create()
    {
        var verified = new VerifiedTokens(TimeProvider.System);
        var token = RandomNumberGenerator.GetHexString(TokenLength);
        var bytes = Encoding.UTF8.GetBytes(token);
        var claims = new Claims { Room = "r7k2m9qxw4tz", ExpiresAt = long.MaxValue / 1_000_000_000 };

        return new Contest("known token", "500k/s")
            .With("token found among the verified", operations =>
            {
                var found = 0L;
                for (var i = 0; i < operations; i++)
                {
                    var hash = new TokenHash(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
                    if (verified.Find(hash) is null)
                    {
                        // Trust ends every other second: this is what keeps it short.
                        verified.Keep(hash, claims);
                    }

                    found++;
                }

                return found;
            })
            .With("SHA256.HashData (limit)", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += SHA256.HashData(bytes).Length;
                }

                return sum;
            });
    }
}
