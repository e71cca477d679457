using System.Diagnostics.Metrics;
using Clearway.Auth.Tokens;

namespace Clearway.Auth;

/// <summary>Meter <c>Clearway.Auth</c>.</summary>
internal sealed class AuthMetrics
{
    private readonly Counter<long> _signIns;
    private readonly Counter<long> _rooms;
    private readonly Counter<long> _redemptions;
    private readonly Counter<long> _checks;
    private readonly Counter<long> _certificates;

    public AuthMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Clearway.Auth");
        _signIns = meter.CreateCounter<long>("clearway.auth.sign_ins", "{attempt}", "Attempts to sign in, by outcome.");
        _rooms = meter.CreateCounter<long>("clearway.auth.rooms_created", "{room}", "Rooms created.");
        _redemptions = meter.CreateCounter<long>("clearway.auth.invitations_redeemed", "{session}", "Sessions opened, by role.");
        _checks = meter.CreateCounter<long>("clearway.auth.tokens_checked", "{token}", "Tokens checked, by audience and outcome.");
        _certificates = meter.CreateCounter<long>("clearway.auth.certificates_issued", "{certificate}", "Participants' certificates issued.");
    }

    /// <param name="outcome"><c>signed_in</c>, <c>refused</c> or <c>throttled</c>.</param>
    public void SignIn(string outcome) => _signIns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void RoomCreated() => _rooms.Add(1);

    public void InvitationRedeemed(Role role) => _redemptions.Add(1, new KeyValuePair<string, object?>("role", Words.Of(role)));

    public void CertificateIssued() => _certificates.Add(1);

    public void TokenChecked(TokenAudience audience, TokenRefusal? refusal) => _checks.Add(
        1,
        new KeyValuePair<string, object?>("audience", Words.Of(audience)),
        new KeyValuePair<string, object?>("outcome", refusal?.Code() ?? "accepted"));
}
