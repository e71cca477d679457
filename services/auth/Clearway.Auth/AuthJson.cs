using System.Text.Json.Serialization;
using Clearway.Auth.Accounts;
using Clearway.Auth.Certificates;
using Clearway.Auth.Invitations;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;
using Clearway.Auth.TurnCredentials;

namespace Clearway.Auth;

/// <summary>Bodies of the REST API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(AccountBody))]
[JsonSerializable(typeof(CreateRoomRequest))]
[JsonSerializable(typeof(CreatedRoom))]
[JsonSerializable(typeof(RedeemRequest))]
[JsonSerializable(typeof(RedeemedInvitation))]
[JsonSerializable(typeof(IceServerRequest))]
[JsonSerializable(typeof(OfferedIceServers))]
[JsonSerializable(typeof(RefreshedToken))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(MintInvitationRequest))]
[JsonSerializable(typeof(MintedInvitation))]
[JsonSerializable(typeof(MintTokenRequest))]
[JsonSerializable(typeof(CertificateRequestBody))]
[JsonSerializable(typeof(CertificateBody))]
internal sealed partial class AuthJson : JsonSerializerContext;
