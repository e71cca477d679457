using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.TurnCredentials;

internal static class TurnRegistration
{
    private const int LeastSecretLength = 16;

    public static void AddTurnCredentials(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TurnOptions>().BindConfiguration("Turn").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TurnOptions>, TurnOptionsValidator>();
        builder.Services.AddSingleton<TurnCredentialIssuer>();
        if (builder.Configuration.GetSection("Turn:Urls").GetChildren().Any(url => url.Value is { } value && IceServerUrl.IsTurn(value)))
        {
            builder.RequireSecret("Turn:Secret", LeastSecretLength);
        }
    }
}
