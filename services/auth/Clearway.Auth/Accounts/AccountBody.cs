using Clearway.Auth.Tokens;

namespace Clearway.Auth.Accounts;

/// <summary>A signed-in account.</summary>
internal sealed record AccountBody(string AccountId, string Name, string Tenant)
{
    public static AccountBody Of(AccountClaims claims) => new(claims.Account.Value, claims.Name.Value, claims.Tenant.Value);
}
